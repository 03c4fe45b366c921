/** The genesis block of a chain: configured, known, or that of the first node that answered in this process. */
export class Genesis {
  constructor(private hash: string | null) {}

  isSame(hash: string): boolean {
    this.hash ??= hash;
    return this.hash === hash;
  }
}
