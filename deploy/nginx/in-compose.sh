#!/bin/sh
# The command of the gateway in docker-compose.yml: nginx.conf with the addresses and names of that file, as a user that may write to /tmp only.
set -eu
folder=${TMPDIR:-/tmp}
sed -e 's/server 127\.0\.0\.1:3001 /server 10.83.62.3:3001 /' -e 's/server 127\.0\.0\.1:3000;/server 10.83.61.3:3000;/' \
  -e 's/server 127\.0\.0\.1:8080;/server 10.83.65.4:8080;/' -e 's/server 127\.0\.0\.1:3005;/server 10.83.66.5:3005;/' -e 's/^\( *listen\) 80\([ ;]\)/\1 10.83.64.2:8080\2/' \
  -e "s/server_name api\.example\.com;/server_name $API_HOST;/" -e "s/server_name id\.example\.com;/server_name $ID_HOST;/" \
  -e "s/server_name wallet\.example\.com;/server_name $WALLET_HOST;/" \
  "${0%/*}/nginx.conf" | sed -e '/^http {$/r /dev/fd/3' 3<<CONF >"$folder/nginx.conf"
  access_log off;
  client_body_temp_path $folder/client_body;
  proxy_temp_path $folder/proxy;
  fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi;
  scgi_temp_path $folder/scgi;
CONF
exec nginx -c "$folder/nginx.conf" -g "daemon off; pid $folder/nginx.pid; error_log stderr;"
