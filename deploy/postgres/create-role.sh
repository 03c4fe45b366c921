#!/bin/sh
# Run by the image of PostgreSQL once, on an empty volume: a role for the service that owns its database, of the same name, and
# nothing else. With CUSTODY_PASSWORD_FILE also one for the process that has the keys of embedded wallets.
set -eu
create_role() {
  psql --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="$(cat "$2")" --set=role="$1" --username="$POSTGRES_USER" \
    --dbname="${POSTGRES_DB:-postgres}" <<'SQL'
CREATE ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role";
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
}
create_role "${COUNTERSIGN_ROLE:-countersign}" "$COUNTERSIGN_PASSWORD_FILE"
if [ -n "${CUSTODY_PASSWORD_FILE:-}" ]; then
  create_role custody "$CUSTODY_PASSWORD_FILE"
  # Custody asks the database of the service by it whether its signatures were allowed. It reads no table.
  psql --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="$(cat "$CUSTODY_READER_PASSWORD_FILE")" --username="$POSTGRES_USER" \
    --dbname="${POSTGRES_DB:-postgres}" <<'SQL'
CREATE ROLE custody_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
GRANT CONNECT ON DATABASE countersign TO custody_reader;
SQL
fi
