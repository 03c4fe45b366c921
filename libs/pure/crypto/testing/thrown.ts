/** What `act` throws. Fails when it does not throw. */
export function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** The spellings in which bytes could turn up in a text. */
export function spellingsOf(secret: Buffer): string[] {
  return [
    secret.toString('hex'),
    secret.toString('base64').replace(/=+$/, ''),
    secret.toString('base64url'),
    secret.toString('latin1'),
    secret.toString('utf8'),
    secret.join(', '),
    // The way `util.inspect` prints a Buffer.
    secret.toString('hex', 0, 8).replace(/..\B/g, '$& '),
  ];
}
