import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

interface Issuer {
  readonly name: string;
  readonly key: KeyObject;
}

/** A certification authority, and what it issues: X.509 of RFC 5280 with ECDSA on P-256. */
export function aCertificateAuthority(name = 'Authority of tests') {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { name, key: own.privateKey };
  return {
    certificate: x509(issuer, name, own.publicKey, [
      extension('551d13', sequence(tlv(0x01, Buffer.from([0xff]))), true),
    ]),
    issue: (host: string): Certificate => {
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const alternative =
        isIP(host) === 4
          ? tlv(0x87, Buffer.from(host.split('.').map(Number)))
          : tlv(0x82, Buffer.from(host, 'latin1'));
      return {
        certificate: x509(issuer, host, pair.publicKey, [extension('551d11', sequence(alternative))]),
        key: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
      };
    },
  };
}

const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));
let serial = 1;

function x509(issuer: Issuer, subject: string, key: KeyObject, extensions: Buffer[]): string {
  const unsigned = sequence(
    tlv(0xa0, integer(2)),
    integer((serial += 1)),
    ECDSA_WITH_SHA256,
    commonName(issuer.name),
    sequence(time('200101000000Z'), time('491231235959Z')),
    commonName(subject),
    key.export({ format: 'der', type: 'spki' }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', unsigned, issuer.key);
  const der = sequence(unsigned, ECDSA_WITH_SHA256, tlv(0x03, Buffer.from([0]), signature));
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

function commonName(name: string): Buffer {
  return sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from(name)))));
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [tlv(0x01, Buffer.from([0xff]))] : [];
  return sequence(oid(id), ...critical, tlv(0x04, value));
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'));
}

function integer(value: number): Buffer {
  return tlv(0x02, Buffer.from([value]));
}

function time(text: string): Buffer {
  return tlv(0x17, Buffer.from(text));
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, ...parts);
}

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), value]);
}
