#!/bin/sh
# Run by the image of PostgreSQL once, on an empty volume: a role for the service that owns its database and nothing else.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="$COUNTERSIGN_PASSWORD" \
  --username="$POSTGRES_USER" --dbname="${POSTGRES_DB:-postgres}" <<'SQL'
CREATE ROLE countersign LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE countersign OWNER countersign;
REVOKE ALL ON DATABASE countersign FROM PUBLIC;
SQL
