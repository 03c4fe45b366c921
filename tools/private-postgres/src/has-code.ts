/** Whether something thrown by the system or the database carries one of these error codes. */
export function hasCode(error: unknown, ...codes: string[]): error is Error {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}
