-- Each thing that open pages are told has a number, the same on every server: where a page stands is known to whichever
-- server it comes back to. Senders take it one after the other (src/live/sender.rs), so numbers come in order.
create sequence live_notices;
