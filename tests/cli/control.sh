# control.sh
curl --silent --fail -X PUT http://127.0.0.1:8787/_emulator/clock -d '{"now":"2026-03-01T09:05:00Z"}'
curl --silent --fail -X POST http://127.0.0.1:8787/_emulator/faults -d '{"preset":"bare429"}'
curl --silent --fail http://127.0.0.1:8787/_emulator/requests
