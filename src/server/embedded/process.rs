//! The thread that owns the postmaster: starts it, listens to it, starts it again if it dies, and
//! stops it.
//!
//! It must be a thread of its own that lives as long as the server: the kernel's "tell me when my
//! parent dies" means the parent *thread*, and those of a pool come and go.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle, spawn};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::cluster::{Door, server_command};
use super::error::EmbeddedError;
use super::install::Install;
use super::leftovers;
use super::place::Place;

/// How often the thread looks whether the postmaster still lives.
const LOOK: Duration = Duration::from_millis(200);
/// The pause before the first new start, doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A postmaster that lived this long was well: the next pause is the first one again.
const WELL_AFTER: Duration = Duration::from_secs(60);
/// How long an immediate shutdown may take before it is a kill.
const IMMEDIATE: Duration = Duration::from_secs(5);
/// Lines of the log that are kept for error messages, and their longest length.
const KEPT_LINES: usize = 12;
const LONGEST_LINE: u64 = 4096;

/// What the thread needs to start the postmaster, again and again.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Where and as whom.
    pub place: Place,
    /// With which programs.
    pub install: Install,
    /// How it is reached.
    pub door: Door,
    /// How long a graceful stop may take.
    pub stop_timeout: Duration,
}

enum Order {
    /// From now on a death is repaired; before, it ends the start.
    Serve,
    Stop,
}

/// A running (or restarting) postmaster; dropped, it is stopped.
#[derive(Debug)]
pub struct Supervisor {
    orders: Sender<Order>,
    thread: Option<JoinHandle<()>>,
    log: Log,
}

impl Supervisor {
    /// Starts the thread, which starts the postmaster at once.
    pub fn start(launch: Launch) -> Result<Self, EmbeddedError> {
        let (orders, inbox) = channel();
        let log = Log::default();
        let base = launch.place.base.clone();
        let thread = {
            let log = log.clone();
            Builder::new()
                .name("postgres".to_owned())
                .spawn(move || supervise(&launch, &inbox, &log))
                .map_err(EmbeddedError::io("de lancer un fil pour", &base))?
        };
        Ok(Self { orders, thread: Some(thread), log })
    }

    /// Whether the thread gave up, as it does when the postmaster dies before it serves.
    pub fn has_ended(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Says that the start succeeded.
    pub fn serve(&self) {
        // A thread that ended is noticed by whoever connects.
        let _ = self.orders.send(Order::Serve);
    }

    /// The end of what PostgreSQL logged.
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// Stops the postmaster and waits for it.
    pub fn stop(&mut self) {
        let _ = self.orders.send(Order::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The life of the thread.
fn supervise(launch: &Launch, inbox: &Receiver<Order>, log: &Log) {
    let mut serving = false;
    let mut pause = FIRST_PAUSE;
    loop {
        let started = Instant::now();
        let mut reader = None;
        let ended = match server_command(&launch.place, &launch.install, &launch.door).spawn() {
            Ok(mut child) => {
                if let Some(output) = child.stderr.take() {
                    let log = log.clone();
                    reader = Some(spawn(move || log.follow(output)));
                }
                match attend(&mut child, inbox, &mut serving) {
                    Some(ended) => ended,
                    None => return shut_down(&mut child, launch.stop_timeout),
                }
            }
            Err(error) => format!("cannot be run: {error}"),
        };
        if !serving {
            // Its last lines say why.
            let _ = reader.map(JoinHandle::join);
            log.keep(format!("(the postgres program {ended})"));
            return;
        }
        if started.elapsed() >= WELL_AFTER {
            pause = FIRST_PAUSE;
        }
        tracing::error!(
            "PostgreSQL {ended}; it is started again in {} ms. Its last lines: {}",
            pause.as_millis(),
            log.text()
        );
        match inbox.recv_timeout(pause) {
            Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            Ok(Order::Serve) | Err(RecvTimeoutError::Timeout) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
        let place = &launch.place;
        if let Err(error) = leftovers::clear(&place.cluster(), &place.socket_dir()) {
            tracing::error!("PostgreSQL cannot be started again yet: {error}");
        }
    }
}

/// Waits for the death of the postmaster and tells how it died, or `None` when told to stop.
fn attend(child: &mut Child, inbox: &Receiver<Order>, serving: &mut bool) -> Option<String> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(format!("ended by itself ({status})")),
            Ok(None) => {}
            Err(error) => return Some(format!("is lost: {error}")),
        }
        match inbox.recv_timeout(LOOK) {
            Ok(Order::Serve) => *serving = true,
            Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Fast shutdown, then immediate (recovery at the next start), then kill.
fn shut_down(child: &mut Child, patience: Duration) {
    let steps = [(Signal::SIGINT, patience), (Signal::SIGQUIT, IMMEDIATE), (Signal::SIGKILL, IMMEDIATE)];
    for (signal, patience) in steps {
        if let Ok(pid) = i32::try_from(child.id()) {
            // Not reaped yet, so the pid is still its own.
            let _ = kill(Pid::from_raw(pid), signal);
        }
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if !matches!(child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        tracing::warn!("PostgreSQL did not stop within {patience:?} of {signal}");
    }
}

/// The last lines that PostgreSQL wrote; each goes to `tracing` as well.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<VecDeque<String>>>);

impl Log {
    /// Reads until the last process of PostgreSQL is gone.
    fn follow(&self, output: ChildStderr) {
        let mut reader = BufReader::new(output);
        let mut line = Vec::new();
        loop {
            line.clear();
            // A line longer than that comes in pieces, so that none can fill the memory.
            let mut piece = reader.by_ref().take(LONGEST_LINE);
            match piece.read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            match text.split(':').next() {
                Some("PANIC") => tracing::error!(target: "postgres", "{text}"),
                Some("WARNING") => tracing::warn!(target: "postgres", "{text}"),
                // What concerns one connection (refused while starting, wrong statement) reaches
                // that connection.
                _ => tracing::debug!(target: "postgres", "{text}"),
            }
            self.keep(text);
        }
    }

    fn keep(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        lines.join(" | ")
    }
}
