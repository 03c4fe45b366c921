/**
 * The least UUIDv7 (RFC 9562 section 5.7) of an instant: ids made from then on are not below it, earlier ones are. The
 * instant in an id is that of the replica's clock.
 */
export function leastIdAt(instant: Date): string {
  const hex = Math.max(0, instant.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}
