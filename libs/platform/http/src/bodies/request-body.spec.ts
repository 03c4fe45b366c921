import { PassThrough } from 'node:stream';
import { requestError } from '../http.errors';
import { bodyOf } from './request-body';

const MAX_BYTES = 20;
const read = (request: PassThrough) => bodyOf(request, MAX_BYTES, () => requestError('request.too_large'));

describe('the body of a request', () => {
  it('is refused once it is longer than allowed, before it ends', async () => {
    const request = new PassThrough();
    const reading = read(request);
    request.write('a'.repeat(MAX_BYTES));
    request.write('a');

    await expect(reading).rejects.toMatchObject({ code: 'request.too_large' });
  });

  it('is none when the client leaves in the middle', async () => {
    const request = new PassThrough();
    const reading = read(request);
    request.write('token=');
    request.destroy();

    await expect(reading).rejects.toMatchObject({ code: 'request.malformed' });
  });

  it('is none when the client had left before', async () => {
    const request = new PassThrough();
    request.destroy();
    await new Promise((resolve) => request.once('close', resolve));

    await expect(read(request)).rejects.toMatchObject({ code: 'request.malformed' });
  });
});
