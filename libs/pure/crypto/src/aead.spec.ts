import { createSecretKey } from 'node:crypto';
import { decrypt, encrypt } from './aead';

const KEY = 'feffe9928665731c6d6a8f9467308308'.repeat(2);
const NONCE = 'cafebabefacedbaddecaf888';
const PLAINTEXT =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
  '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255';
const CIPHERTEXT =
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa' +
  '8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad';

// McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B: the cases with 256-bit keys and 96-bit nonces.
const CASES = [
  {
    test: 13,
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    plaintext: '',
    associatedData: '',
    ciphertext: '',
    tag: '530f8afbc74536b9a963b4f1c4cb738b',
  },
  {
    test: 14,
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    plaintext: '00'.repeat(16),
    associatedData: '',
    ciphertext: 'cea7403d4d606b6e074ec5d3baf39d18',
    tag: 'd0d1c8a799996bf0265b98b5d48ab919',
  },
  {
    test: 15,
    key: KEY,
    nonce: NONCE,
    plaintext: PLAINTEXT,
    associatedData: '',
    ciphertext: CIPHERTEXT,
    tag: 'b094dac5d93471bdec1a502270e3cc6c',
  },
  {
    test: 16,
    key: KEY,
    nonce: NONCE,
    plaintext: PLAINTEXT.slice(0, 120),
    associatedData: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    ciphertext: CIPHERTEXT.slice(0, 120),
    tag: '76fc6ece0f4e1768cddf8853bb2d551b',
  },
];

describe.each(CASES)('AES-256-GCM, test case $test', (given) => {
  const key = createSecretKey(given.key, 'hex');
  const plaintext = Buffer.from(given.plaintext, 'hex');
  const associatedData = Buffer.from(given.associatedData, 'hex');
  const box = given.nonce + given.ciphertext + given.tag;

  it('encrypts to nonce, ciphertext and tag', () => {
    const made = encrypt(key, plaintext, associatedData, () => Buffer.from(given.nonce, 'hex'));

    expect(made.toString('hex')).toBe(box);
  });

  it('decrypts', () => {
    expect(decrypt(key, Buffer.from(box, 'hex'), associatedData)?.toString('hex')).toBe(given.plaintext);
  });

  it('refuses other associated data and another key', () => {
    expect(decrypt(key, Buffer.from(box, 'hex'), Buffer.from('other'))).toBeNull();
    expect(decrypt(createSecretKey(Buffer.alloc(32, 1)), Buffer.from(box, 'hex'), associatedData)).toBeNull();
  });

  it('refuses every changed bit and every truncation', () => {
    const original = Buffer.from(box, 'hex');
    for (let bit = 0; bit < original.length * 8; bit++) {
      const changed = Buffer.from(original);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decrypt(key, changed, associatedData)).toBeNull();
    }
    for (let length = 0; length < original.length; length++) {
      expect(decrypt(key, original.subarray(0, length), associatedData)).toBeNull();
    }
  });
});
