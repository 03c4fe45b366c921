export function setTime(milliseconds: number | null): void;
