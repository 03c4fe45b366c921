import { crc32 } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/**
 * One animated PNG (W3C, PNG third edition, section 11.3.6) of pictures of one size and colour type, without encoding them again.
 *
 * @param {{ png: Buffer, seconds: number }[]} frames
 * @param {number} plays how often it is shown; it then stays at the last frame
 */
export function animatedPng(frames, plays) {
  const [first] = frames.map(({ png }) => chunksOf(png));
  const header = first.find(({ type }) => type === 'IHDR').data;
  let sequence = 0;
  const numbered = (type, ...rest) => chunk(type, Buffer.concat([uint32(sequence++), ...rest]));
  const pictures = frames.flatMap(({ png, seconds }, index) => {
    const chunks = chunksOf(png);
    if (!chunks[0].data.equals(header)) throw new Error(`picture ${index} has another size or colour type`);
    const size = header.subarray(0, 8);
    const delay = Buffer.from([0, seconds, 0, 1, 0, 0]);
    const control = numbered('fcTL', size, uint32(0), uint32(0), delay);
    const data = chunks
      .filter(({ type }) => type === 'IDAT')
      .map((each) => (index === 0 ? chunk('IDAT', each.data) : numbered('fdAT', each.data)));
    return [control, ...data];
  });
  const animation = chunk('acTL', Buffer.concat([uint32(frames.length), uint32(plays)]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    animation,
    ...pictures,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunksOf(png) {
  const chunks = [];
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([uint32(data.length), named, uint32(crc32(named))]);
}

function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
