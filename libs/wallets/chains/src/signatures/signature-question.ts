/** A question that was read, and is safe to ask. */
export interface ReadQuestion {
  readonly address: `0x${string}`;
  readonly hash: `0x${string}`;
  /** Without the wrapper. */
  readonly signature: `0x${string}`;
  readonly factory: { readonly address: `0x${string}`; readonly data: `0x${string}` } | null;
}
