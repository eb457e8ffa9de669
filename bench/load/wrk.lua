-- Sends the requests of a file in turn. Each is a line with its length in bytes, then the request as it goes out.
local requests, count, at = {}, 0, 0

function init(args)
  local file = assert(io.open(args[1], 'rb'))
  for line in file:lines() do
    count = count + 1
    requests[count] = file:read(tonumber(line))
  end
  file:close()
end

function request()
  at = at % count + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format(
    '{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"max":%d,"failures":%d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max, failures
  ))
end
