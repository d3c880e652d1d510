#!/usr/bin/env bash
# Static files under their final names, when anything changed since the last time.
set -euo pipefail
cd "$(dirname "$0")/.."
manifest="${DATA_DIR:-var}/static/staticfiles.json"
# A power cut may have cut it short.
is_whole() { .venv/bin/python -c 'import json, sys; json.load(open(sys.argv[1], "rb"))' "$manifest" 2>/dev/null; }
if [ -f "$manifest" ] && is_whole && [ -z "$(find static config/static.py config/settings .venv/.stamp-base node_modules/.stamp \
    -newer "$manifest" -print -quit 2>/dev/null)" ]; then
    exit 0
fi
echo "정적 파일을 모읍니다" >&2
.venv/bin/python manage.py collectstatic --noinput --clear -v 0
