-- Confirms drafts one after the other, from BENCH_DRAFT on.
dofile("scripts/bench/report.lua")
local draft = tonumber(os.getenv("BENCH_DRAFT"))
wrk.method = "POST"

function request()
  local path = string.format("/api/v1/orders/%d/confirm", draft)
  draft = draft + 1
  return wrk.format(nil, path)
end
