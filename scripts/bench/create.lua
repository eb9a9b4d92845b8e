-- Orders of one line, for clients and products of the bench in turn at random.
dofile("scripts/bench/report.lua")
local client, product = tonumber(os.getenv("BENCH_CLIENT")), tonumber(os.getenv("BENCH_PRODUCT"))
local count = tonumber(os.getenv("BENCH_ROWS"))
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

function request()
  return wrk.format(nil, nil, nil, string.format(
    '{"client_id": %d, "client_nom": "Banc d’essai", "items": [{"product_id": %d, "quantity": 1}]}',
    client + math.random(count) - 1, product + math.random(count) - 1))
end
