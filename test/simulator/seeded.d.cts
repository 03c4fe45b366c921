export function setTime(milliseconds: number | null): void;
export function setHurried(isHurried: boolean): void;
