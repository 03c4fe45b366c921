/** @see patience.cjs */
export declare const patience: number;
