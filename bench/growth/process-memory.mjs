import { readFileSync } from 'node:fs';

/** @param {number} pid @returns {number} bytes that the process has in memory; NaN off Linux */
export function residentBytes(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) * 1024;
  } catch {
    return NaN;
  }
}
