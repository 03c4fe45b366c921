#!/bin/sh
# Run by the image of PostgreSQL once, on an empty volume: a role for the service that owns its database, of the same name, and
# nothing else.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="$COUNTERSIGN_PASSWORD" \
  --set=role="${COUNTERSIGN_ROLE:-countersign}" \
  --username="$POSTGRES_USER" --dbname="${POSTGRES_DB:-postgres}" <<'SQL'
CREATE ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role";
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
