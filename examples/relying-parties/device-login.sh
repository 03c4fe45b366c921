#!/bin/sh
# Signs a device in by a phone (RFC 8628): sh device-login.sh https://id.example.com <clientId>. Needs curl and jq.
# Tokens go to curl by its input: other users of the machine see the words of its command.
set -eu
metadata=$(curl -fsS "$1/.well-known/openid-configuration")
at() { printf %s "$metadata" | jq -er ".$1"; }
device=$(curl -fsS -d "client_id=$2" -d 'scope=openid profile' "$(at device_authorization_endpoint)")
printf %s "$device" | jq -r '"Open \(.verification_uri_complete)\nand continue if it shows the code \(.user_code)."' >&2
grant="client_id=$2&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=$(printf %s "$device" | jq -er .device_code)"
error=authorization_pending interval=$(printf %s "$device" | jq '.interval // 5')
while [ "$error" = authorization_pending ] || [ "$error" = slow_down ]; do
  [ "$error" = slow_down ] && interval=$((interval + 5))
  sleep "$interval"
  answer=$(printf %s "$grant" | curl -sS -d @- "$(at token_endpoint)")
  error=$(printf %s "$answer" | jq -r '.error // empty')
done
[ -z "$error" ] || { echo "The sign-in failed: $error" >&2 && exit 1; }
token=$(printf %s "$answer" | jq -er .access_token)
printf 'Authorization: Bearer %s' "$token" | curl -fsS -H @- "$(at userinfo_endpoint)"
