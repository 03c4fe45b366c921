/** `0x` and 40 hexadecimal digits in lower case. */
export type Address = `0x${string}`;
/** `0x` and 64 hexadecimal digits in lower case. */
export type Hash = `0x${string}`;
