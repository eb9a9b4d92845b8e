-- Who wrote last, of the changes that the trail does not hold: a read from a replica first compares what a person has written.
create index stock_movements_own_idx on stock_movements (created_by, id desc) where order_id is null;
