-- Since when a job has been due: what is pending, and the oldest of it, is read from this index alone.
CREATE INDEX dispatches_pending ON dispatches (coalesce(due_at, created_at));
