import { verifyDpopProof, type DpopExpectation } from './verify-dpop-proof';

/** The header that the examples share. */
const header =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19';
/** Section 4.1. */
const atTokenEndpoint = [
  header,
  'eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ',
  '2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg',
].join('.');
/** Section 7.1. */
const atResource = [
  header,
  'eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9',
  '2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA',
].join('.');
/** Section 6.1. */
const thumbprint = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';

const expected: DpopExpectation = {
  method: 'POST',
  uri: 'https://server.example.com/token',
  accessToken: null,
  now: new Date(1_562_262_620_000),
  maxAgeSeconds: 60,
  futureSeconds: 5,
};

describe('the examples of RFC 9449', () => {
  it('are accepted at the token endpoint', async () => {
    expect(await verifyDpopProof(atTokenEndpoint, expected)).toMatchObject({
      ok: true,
      value: { thumbprint, madeAt: new Date(1_562_262_616_000) },
    });
  });

  it('are accepted at the resource, with the access token', async () => {
    const atResourceServer = {
      ...expected,
      method: 'GET',
      uri: 'https://resource.example.org/protectedresource',
      accessToken: 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU',
    };

    expect(await verifyDpopProof(atResource, atResourceServer)).toMatchObject({
      ok: true,
      value: { thumbprint },
    });
  });
});
