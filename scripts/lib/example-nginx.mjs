import { readFileSync } from 'node:fs';
import { inClone } from './clone.mjs';

const FILE = 'deploy/nginx/nginx.conf';
/** For temporary files of nginx: the folders of the installed package belong to another user. */
const FOLDERS = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

const GAME = `    location /game/ {
      set $check_query '?audience=game';
      proxy_pass http://game;
    }
`;

/**
 * deploy/nginx/nginx.conf with the changes that docs/gateway.md names: ports, upstreams, server names, the origin of
 * the page, and one more service.
 * @param {{ id: URL, api: URL, page: URL, ports: Record<'id' | 'api' | 'public' | 'check' | 'orders' | 'game', number> }} of
 */
export function nginxFileOf({ id, api, page, ports }) {
  const listen = (port, more = '') => `listen 127.0.0.1:${port}${more};`;
  const changes = [
    [
      'listen 80 default_server;',
      `${listen(ports.id, ' default_server')} ${listen(ports.api, ' default_server')}`,
    ],
    // Each name has a port of its own: on this machine both names may be 127.0.0.1.
    [/listen 80;(?=\s+#.*\s+server_name api\.example\.com;)/, listen(ports.api)],
    [/listen 80;(?=\s+#.*\s+server_name id\.example\.com;)/, listen(ports.id)],
    // The example has no consent page.
    [/listen 80;(?=\s+#.*\s+server_name wallet\.example\.com;)/, listen(ports.id)],
    ['server_name api.example.com;', `server_name ${api.hostname};`],
    ['server_name id.example.com;', `server_name ${id.hostname};`],
    ['server 127.0.0.1:3001 ', `server 127.0.0.1:${ports.check} `],
    ['server 127.0.0.1:3000;', `server 127.0.0.1:${ports.public};`],
    ['server 127.0.0.1:8080;', `server 127.0.0.1:${ports.orders};`],
    [
      '  upstream orders {',
      `  upstream game {\n    server 127.0.0.1:${ports.game};\n  }\n\n  upstream orders {`,
    ],
    ['    location /orders/ {', `${GAME}\n    location /orders/ {`],
    ['https://game.example.com $http_origin;', `${page.origin} $http_origin;`],
    [
      '\nhttp {\n',
      `\nhttp {\n  access_log off;\n${FOLDERS.map((name) => `  ${name}_temp_path ${name};\n`).join('')}`,
    ],
  ];
  // A tunnel ends TLS before nginx.
  if (api.protocol === 'https:') changes.push([/X-Forwarded-Proto \$scheme;/g, 'X-Forwarded-Proto https;']);
  return changes.reduce(changed, readFileSync(inClone(FILE), 'utf8'));
}

function changed(text, [from, to]) {
  const result = text.replace(from, () => to);
  if (result === text) throw new Error(`${FILE} has no "${String(from).trim()}".`);
  return result;
}
