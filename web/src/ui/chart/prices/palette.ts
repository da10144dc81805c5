/** The colours of the lines on a price chart. */

const LINE_COLOURS = 6;

/** The design token of a line, which is its class too. */
export const lineColour = (index: number): string => `line-${String((index % LINE_COLOURS) + 1)}`;
