#!/bin/sh
# Writes what docker-compose.yml mounts as secrets into a new folder `secrets`: passwords, addresses with passwords, and two key rings of the
# image. The files are readable, so that users of containers can read them; the folder is not. Makes `custody-copy` and custody's rules, which
# belong to the user of the image.
set -eu
umask 077
[ ! -e secrets ] || { echo 'There is a folder secrets already.' >&2 && exit 1; }
rm -rf secrets.new
mkdir secrets.new
password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
ring() { docker run --rm --network none "${COUNTERSIGN_IMAGE:-countersign}" countersign keys generate; }
url() { printf 'postgresql://%s:%s@%s:5432/%s' "$1" "$(cat "secrets.new/$1-password")" "$2" "${3:-$1}"; }
for name in postgres-superuser countersign custody custody_reader ledger-superuser ledger; do
  password >"secrets.new/$name-password"
done
url countersign postgres >secrets.new/database-url
url custody postgres >secrets.new/custody-database-url
url custody_reader postgres countersign >secrets.new/custody-api-database-url
url ledger ledger >secrets.new/ledger-url
ring >secrets.new/keys.json
ring >secrets.new/custody-keys.json
echo '{}' >secrets.new/custody-rules.json
chmod 444 secrets.new/*
mkdir -p custody-copy
docker run --rm --network none --user 0 --volume "$PWD/custody-copy:/copy" --volume "$PWD/secrets.new:/secrets" \
  "${COUNTERSIGN_IMAGE:-countersign}" chown 1000:1000 /copy /secrets/custody-rules.json
mv secrets.new secrets
