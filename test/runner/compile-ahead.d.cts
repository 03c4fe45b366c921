import type { ProjectConfig } from 'jest';

/** @see compile-ahead.cjs */
export declare function compileAhead(projectConfig: ProjectConfig): Promise<void>;
