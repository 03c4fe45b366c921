import { readConfiguration, type AllowedTarget } from '@countersign/runtime';
import { generateKeyRing } from '@countersign/crypto';
import { checkUrl, urlRefusals, type UrlRefusal } from './check-url';

function allowed(targets: string): readonly AllowedTarget[] {
  return readConfiguration({
    DATABASE_URL: 'postgresql://db/countersign',
    KEYS: JSON.stringify(generateKeyRing()),
    WEBHOOK_ALLOWED_TARGETS: targets,
  }).webhookAllowedTargets;
}

function codeOf(url: string, targets = ''): UrlRefusal | 'accepted' {
  const checked = checkUrl(url, allowed(targets));
  return checked.ok ? 'accepted' : checked.code;
}

/** Spellings of addresses that no receiver on the internet has. */
const INSIDE = [
  // This host, in every form that a URL may write it.
  ...['127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '2130706433', '0x7f000001', '0x7f.1', '0x7F.0.0.1'],
  ...[
    '017700000001',
    '0177.0.0.1',
    '0177.1',
    '127.0.0.1.',
    '127.0x0.0.1',
    '%31%32%37.0.0.1',
    '127%2e0%2e0%2e1',
  ],
  ...[
    '１２７.０.０.１',
    '127。0。0。1',
    '①②⑦.0.0.1',
    '00000177.0.0.1',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[0::1]',
  ],
  ...['0', '0.0.0.0', '0x0', '0.1.2.3', '[::]', '[0:0:0:0:0:0:0:0]'],
  // IPv4 inside of IPv6: mapped, compatible, translated (SIIT), NAT64, 6to4, Teredo.
  ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::FFFF:10.0.0.1]'],
  ...['[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]', '[::127.0.0.1]', '[::7f00:1]', '[::a00:1]'],
  ...['[::ffff:0:127.0.0.1]', '[::ffff:0:7f00:1]', '[64:ff9b::127.0.0.1]', '[64:ff9b::7f00:1]'],
  ...['[64:ff9b::8.8.8.8]', '[64:ff9b:1::a00:1]', '[2002:7f00:1::]', '[2002:a00:1::1]', '[2002:808:808::1]'],
  ...['[2001::1]', '[2001:0:7f00:1::]'],
  // Private networks, shared address space, link-local.
  ...['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.1', '3232235777'],
  ...['100.64.0.1', '100.127.255.255', '169.254.0.1', '169.254.1', '[fe80::1]', '[febf::1]', '[fec0::1]'],
  ...['[fc00::1]', '[fd00::1]', '[fdff:ffff::1]'],
  // Metadata services: AWS, GCP and Azure; ECS; AWS over IPv6; Alibaba; Oracle; Azure's platform.
  ...[
    '169.254.169.254',
    '0xa9fea9fe',
    '2852039166',
    '0251.0376.0251.0376',
    '169.254.170.2',
    '[fd00:ec2::254]',
  ],
  ...['100.100.100.200', '192.0.0.192', '168.63.129.16', '[::ffff:168.63.129.16]'],
  // Multicast, broadcast, reserved, benchmarks, documentation.
  ...['224.0.0.1', '239.255.255.255', '[ff02::1]', '[ff0e::1]', '255.255.255.255', '4294967295', '240.0.0.1'],
  ...['192.0.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '198.19.255.255', '192.88.99.1'],
  ...['[2001:db8::1]', '[3fff::1]', '[2001:2::1]', '[2001:10::1]', '[2001:20::1]', '[100::1]', '[5f00::1]'],
  // Not assigned.
  ...['[4000::1]', '[1000::1]', '[8000::1]', '[::2]', '[fe00::1]'],
];

const PUBLIC = [
  ...[
    '8.8.8.8',
    '1.1.1.1',
    '134744072',
    '0x08.8.8.8',
    '010.8.8.8',
    '126.255.255.255',
    '128.0.0.1',
    '9.255.255.255',
  ],
  ...[
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.255.255',
    '192.169.0.1',
    '100.63.255.255',
    '100.128.0.1',
  ],
  ...['169.253.255.255', '169.255.0.1', '223.255.255.255', '198.17.255.255', '198.20.0.1'],
  ...['[::ffff:8.8.8.8]', '[::ffff:808:808]', '[2606:4700:4700::1111]', '[2a00:1450:4001::200e]'],
];

describe('addresses', () => {
  it.each(INSIDE)('%s is refused', (host) => {
    expect(codeOf(`https://${host}/hook`)).toBe('inside_address');
    expect(codeOf(`http://${host}:8080/hook`)).toBe('inside_address');
  });

  it.each(PUBLIC)('%s is public', (host) => {
    expect(codeOf(`https://${host}/hook`)).toBe('accepted');
    expect(codeOf(`http://${host}/hook`)).toBe('scheme');
  });
});

describe('URLs', () => {
  it('are accepted with path and query, and read once', () => {
    expect(checkUrl('https://Hooks.Example.com:443/a%20b?c=d', [])).toEqual({
      ok: true,
      value: {
        host: 'hooks.example.com',
        port: 443,
        origin: 'https://hooks.example.com',
        path: '/a%20b?c=d',
      },
    });
    expect(checkUrl('https://müller.example', [])).toMatchObject({
      value: { host: 'xn--mller-kva.example', path: '/' },
    });
    expect(checkUrl('https://[2606:4700:4700:0:0:0:0:1111]/', [])).toMatchObject({
      value: { host: '2606:4700:4700::1111', origin: 'https://[2606:4700:4700::1111]' },
    });
  });

  it.each<[UrlRefusal, string]>([
    ['too_long', `https://example.com/${'a'.repeat(2_029)}`],
    ['scheme', 'http://example.com/'],
    ['scheme', 'HTTP://example.com/'],
    ['scheme', 'ftp://example.com/'],
    ['scheme', 'file:///etc/passwd'],
    ['scheme', 'javascript:alert(1)'],
    ['scheme', 'gopher://example.com/'],
    ['scheme', 'ws://example.com/'],
    ['malformed', ''],
    ['malformed', 'example.com'],
    ['malformed', '//example.com/'],
    ['malformed', 'https:example.com'],
    ['malformed', 'https:/example.com'],
    ['malformed', 'https:///example.com'],
    ['malformed', 'https:\\\\example.com\\'],
    ['malformed', 'https://example.com\\@127.0.0.1/'],
    ['malformed', ' https://example.com/'],
    ['malformed', 'https://example.com/ '],
    ['malformed', 'https://exam\tple.com/'],
    ['malformed', 'https://example.com/\r\nhost: inside'],
    ['malformed', 'https://example.com/\u0000'],
    ['malformed', 'https://exa\u00admple.com/'],
    ['malformed', 'https://exam\u200bple.com/'],
    ['malformed', 'https://example.com/\ud800'],
    ['malformed', 'https://?query'],
    ['malformed', 'https://256.256.256.256/'],
    ['malformed', 'https://1.2.3.4.5/'],
    ['malformed', 'https://08.8.8.8/'],
    ['malformed', 'https://[fe80::1%25eth0]/'],
    ['malformed', 'https://[fe80::1%eth0]/'],
    ['malformed', 'https://[::1/'],
    ['malformed', 'https://::1/'],
    ['malformed', 'https://[127.0.0.1]/'],
    ['malformed', 'https://example.com:65536/'],
    ['malformed', 'https://exa mple.com/'],
    ['malformed', 'https://example.com%2finside/'],
    ['credentials', 'https://user:word@example.com/'],
    ['credentials', 'https://example.com@127.0.0.1/'],
    ['credentials', 'https://@example.com/'],
    ['credentials', 'https://:@example.com/'],
    ['fragment', 'https://example.com/#part'],
    ['fragment', 'https://example.com/#'],
    ['host', 'https://example.com./'],
    ['host', 'https://example..com/'],
    ['host', 'https://.example.com/'],
    ['host', 'https://-example.com/'],
    ['host', "https://exam'ple.com/"],
    ['host', 'https://a$(id).example.com/'],
    ['host', `https://${'a'.repeat(64)}.example.com/`],
    ['host', `https://${'a.'.repeat(127)}com/`],
    ['inside_name', 'https://localhost/'],
    ['inside_name', 'https://LOCALHOST:8443/'],
    ['inside_name', 'https://hooks.localhost/'],
    ['inside_name', 'https://printer.local/'],
    ['inside_name', 'https://metadata.google.internal/'],
    ['inside_name', 'https://router.home.arpa/'],
    ['inside_name', 'https://postgres/'],
    ['inside_name', 'https://ｌｏｃａｌｈｏｓｔ/'],
    ['port', 'https://example.com:8443/'],
    ['port', 'https://example.com:80/'],
    ['port', 'https://example.com:0/'],
    ['port', 'https://8.8.8.8:22/'],
  ])('are refused as %s: %j', (code, url) => {
    expect(codeOf(url)).toBe(code);
    expect(urlRefusals[code]).toMatch(/\.$/);
  });

  it('have up to 2,048 characters', () => {
    expect(codeOf(`https://example.com/${'a'.repeat(2_028)}`)).toBe('accepted');
  });

  it.each<[string, string, UrlRefusal | 'accepted']>([
    ['localhost', 'http://localhost:3000/', 'accepted'],
    ['localhost', 'http://localhost/', 'accepted'],
    ['Receiver', 'https://receiver/', 'accepted'],
    ['localhost:3000', 'http://localhost:3000/', 'accepted'],
    ['localhost:3000', 'http://localhost:3001/', 'inside_name'],
    ['localhost:3000', 'http://localhost/', 'inside_name'],
    ['localhost', 'http://127.0.0.1:3000/', 'inside_address'],
    ['localhost', 'http://other.localhost/', 'inside_name'],
    ['hooks.example.com', 'http://hooks.example.com:8080/', 'accepted'],
    ['hooks.example.com', 'http://a.hooks.example.com/', 'scheme'],
    ['hooks.example.com', 'http://hooks.example.com:0/', 'port'],
    ['hooks.example.com', 'http://user@hooks.example.com/', 'credentials'],
    ['127.0.0.1:3000', 'http://127.0.0.1:3000/', 'accepted'],
    ['127.0.0.1:3000', 'http://0x7f.1:3000/', 'accepted'],
    ['127.0.0.1:3000', 'http://[::ffff:127.0.0.1]:3000/', 'accepted'],
    ['127.0.0.1:3000', 'http://127.0.0.1:3001/', 'inside_address'],
    ['127.0.0.1:3000', 'http://127.0.0.2:3000/', 'inside_address'],
    ['[fd00::7]:8080', 'http://[fd00::7]:8080/', 'accepted'],
    ['fd00::7', 'https://[fd00::7]/', 'accepted'],
    ['fd00::7', 'https://[fd00::8]/', 'inside_address'],
    ['10.0.0.0/8, fd00::/8', 'http://10.9.8.7/', 'accepted'],
    ['10.0.0.0/8, fd00::/8', 'http://[fd12::1]:9000/', 'accepted'],
    ['10.0.0.0/8, fd00::/8', 'https://11.0.0.1:8443/', 'port'],
    ['10.0.0.0/8, fd00::/8', 'https://192.168.0.1/', 'inside_address'],
    ['10.0.0.0/8', 'http://example.com/', 'scheme'],
    ['169.254.169.254', 'http://169.254.169.254/', 'accepted'],
  ])('with %s on the list: %s is %s', (targets, url, code) => {
    expect(codeOf(url, targets)).toBe(code);
  });
});
