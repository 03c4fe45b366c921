/** @see wings.cjs */
export declare function testsNotReachedBy(paths: string[]): string[];
export declare function testsNotReachedSince(commit: string | undefined): string[];
