-- What a call cost, on one line that bench.sh reads: requests, seconds, p50 and p99 in milliseconds,
-- answers that were no success, broken connections. With BENCH_SHOW, prints the first refusal instead
-- of measuring: looking at answers costs, so it is left out of a measure.
if os.getenv("BENCH_SHOW") then
  local shown = false
  response = function(status, _, body)
    if status >= 300 and not shown then
      shown = true
      io.stderr:write(status, " ", body, "\n")
    end
  end
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format("RESULT %d %.6f %.2f %.2f %d %d\n", summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
