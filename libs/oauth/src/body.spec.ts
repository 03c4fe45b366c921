import { PassThrough } from 'node:stream';
import { bodyOf } from './body';

describe('the body of a request', () => {
  it('is all of its bytes, however many pieces they come in', async () => {
    const request = new PassThrough();
    const reading = bodyOf(request);
    request.write('token=');
    request.end('abc');

    expect((await reading).toString()).toBe('token=abc');
  });

  it('is empty where nothing comes', async () => {
    const request = new PassThrough();
    request.end();

    expect(await bodyOf(request)).toHaveLength(0);
  });

  it('is none when the client leaves in the middle', async () => {
    const request = new PassThrough();
    const reading = bodyOf(request);
    request.write('token=');
    request.destroy();

    await expect(reading).rejects.toThrow('not finished');
  });

  it('is none when the connection breaks', async () => {
    const request = new PassThrough();
    const reading = bodyOf(request);
    request.destroy(new Error('aborted'));

    await expect(reading).rejects.toThrow('aborted');
  });

  it('is none when the client had left before', async () => {
    const request = new PassThrough();
    request.destroy();
    await new Promise((resolve) => request.once('close', resolve));

    await expect(bodyOf(request)).rejects.toThrow('not finished');
  });
});
