/** Of the tokens that the operator lists, in the order of the file. */
export const MAX_ASKED = 50;
