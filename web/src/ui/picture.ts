/** Paints a part of the page as it stands onto one canvas: its canvases, boxes, vector paths and texts. */

export interface Caption {
  readonly title: string;
  /** Where the picture comes from, below it. */
  readonly note: string;
}

const SCALE = 2;
const ROOM_PX = 24;
const TITLE_PX = 34;
const NOTE_PX = 26;
const TRANSPARENT = /^(transparent|rgba\(.*, 0\))$/;
/** What is there to be pressed is no part of the picture. */
const LEFT_OUT = "[data-no-picture], button, select, input, a, .sr-only";

/** `ink` and `ground` are the colours of the caption and of what lies behind all. */
export function paintElement(
  element: HTMLElement,
  { title, note }: Caption,
  { ink, ground }: { ink: string; ground: string },
): HTMLCanvasElement {
  const box = element.getBoundingClientRect();
  const canvas = document.createElement("canvas");
  const [width, height] = [box.width + 2 * ROOM_PX, box.height + 2 * ROOM_PX + TITLE_PX + NOTE_PX];
  canvas.width = Math.round(SCALE * width);
  canvas.height = Math.round(SCALE * height);
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  context.scale(SCALE, SCALE);
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);
  const family = getComputedStyle(element).fontFamily;
  context.fillStyle = ink;
  context.font = `600 16px ${family}`;
  context.fillText(title, ROOM_PX, ROOM_PX + 16, width - 2 * ROOM_PX);
  context.font = `12px ${family}`;
  context.globalAlpha = 0.7;
  context.fillText(note, ROOM_PX, height - ROOM_PX + 6, width - 2 * ROOM_PX);
  context.globalAlpha = 1;
  context.translate(ROOM_PX - box.left, ROOM_PX + TITLE_PX - box.top);
  paintInto(context, element);
  return canvas;
}

export const pngOf = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be made."))), "image/png"),
  );

function paintInto(context: CanvasRenderingContext2D, element: Element): void {
  if (element.matches(LEFT_OUT)) return;
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden") return;
  const before = context.globalAlpha;
  context.globalAlpha = before * Number(style.opacity || 1);
  if (element instanceof HTMLCanvasElement) paintCanvas(context, element, style);
  else if (element instanceof SVGPathElement) paintPath(context, element, style);
  else if (element instanceof HTMLElement) paintBox(context, element, style);
  for (const child of element.childNodes) {
    if (child instanceof Element) paintInto(context, child);
    else if (child instanceof Text) paintText(context, child, style);
  }
  context.globalAlpha = before;
}

function paintCanvas(context: CanvasRenderingContext2D, canvas: HTMLCanvasElement, style: CSSStyleDeclaration): void {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  if (canvas.width === 0 || canvas.height === 0) return;
  context.imageSmoothingEnabled = style.imageRendering !== "pixelated";
  context.drawImage(canvas, left, top, width, height);
}

function paintPath(context: CanvasRenderingContext2D, path: SVGPathElement, style: CSSStyleDeclaration): void {
  const matrix = path.getScreenCTM();
  if (!matrix) return;
  const drawn = new Path2D();
  drawn.addPath(new Path2D(path.getAttribute("d") ?? ""), matrix);
  if (style.fill !== "none" && !TRANSPARENT.test(style.fill)) {
    context.fillStyle = style.fill;
    context.fill(drawn);
  }
  if (style.stroke === "none") return;
  context.strokeStyle = style.stroke;
  context.lineWidth = Number.parseFloat(style.strokeWidth) || 1;
  context.stroke(drawn);
}

function paintBox(context: CanvasRenderingContext2D, element: HTMLElement, style: CSSStyleDeclaration): void {
  const { left, top, width, height } = element.getBoundingClientRect();
  if (width === 0 && height === 0) return;
  const stops =
    style.backgroundImage.match(/^linear-gradient\(to right,/) && style.backgroundImage.match(/rgba?\([^)]*\)/g);
  const shape = new Path2D();
  const radius = Math.min(width / 2, height / 2, Number.parseFloat(style.borderTopLeftRadius) || 0);
  const round = style.borderTopLeftRadius.endsWith("%") ? Math.min(width, height) / 2 : radius;
  shape.roundRect(left, top, width, height, round);
  if (stops) {
    const gradient = context.createLinearGradient(left, 0, left + width, 0);
    stops.forEach((stop, at) => gradient.addColorStop(at / Math.max(1, stops.length - 1), stop));
    context.fillStyle = gradient;
    context.fill(shape);
  } else if (!TRANSPARENT.test(style.backgroundColor)) {
    context.fillStyle = style.backgroundColor;
    context.fill(shape);
  }
  paintBorders(context, { left, top, right: left + width, bottom: top + height }, style, round > 2 ? shape : null);
}

type Edges = Record<"left" | "top" | "right" | "bottom", number>;

/** The four edges each, or all at once where the corners are round. */
function paintBorders(
  context: CanvasRenderingContext2D,
  { left, top, right, bottom }: Edges,
  style: CSSStyleDeclaration,
  shape: Path2D | null,
): void {
  const edges = [
    [style.borderTopWidth, style.borderTopColor, style.borderTopStyle, left, top, right, top],
    [style.borderBottomWidth, style.borderBottomColor, style.borderBottomStyle, left, bottom, right, bottom],
    [style.borderLeftWidth, style.borderLeftColor, style.borderLeftStyle, left, top, left, bottom],
    [style.borderRightWidth, style.borderRightColor, style.borderRightStyle, right, top, right, bottom],
  ] as const;
  const shown = edges.filter(
    ([width, colour, line]) => Number.parseFloat(width) > 0 && line !== "none" && !TRANSPARENT.test(colour),
  );
  for (const [width, colour, line, ...ends] of shown) {
    context.strokeStyle = colour;
    context.lineWidth = Number.parseFloat(width);
    context.setLineDash(line === "dashed" ? [4, 3] : []);
    if (shape && shown.length === 4) {
      context.stroke(shape);
      break;
    }
    context.beginPath();
    context.moveTo(ends[0], ends[1]);
    context.lineTo(ends[2], ends[3]);
    context.stroke();
  }
  context.setLineDash([]);
}

/** Word by word, each where it stands, so that broken lines stay broken. */
function paintText(context: CanvasRenderingContext2D, text: Text, style: CSSStyleDeclaration): void {
  context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.fillStyle = style.color;
  const range = document.createRange();
  for (const word of text.data.matchAll(/\S+/g)) {
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    const { left, top, height } = range.getBoundingClientRect();
    const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = context.measureText(word[0]);
    context.fillText(word[0], left, top + (height + up - down) / 2);
  }
}
