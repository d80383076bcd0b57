// Which keys of a PDF's dictionaries are needed to show it (ISO 32000-1). No other key is copied.

/**
 * Each key may say of what shape its value is; one without is copied only if it is made of numbers, names and
 * arrays of them. `*Shape` is a dictionary with whatever keys, and values of that shape. An array stands for any
 * number of values of the shape.
 */
const TEXTS = {
  Page: "MediaBox CropBox Rotate UserUnit Resources:Resources Group:Group",
  Resources:
    "ExtGState:*State ColorSpace:*Colour Pattern:*Pattern Shading:*Shading XObject:*XObject Font:*Font",
  Group: "S CS:Colour I K",
  State: "LW LC LJ ML D RI OP op OPM Font:Font FL SM SA BM SMask:SoftMask CA ca AIS TK",
  SoftMask: "S G:XObject BC TR:Function",
  Calibrated: "WhitePoint BlackPoint Gamma Matrix Range",
  Image:
    "Type Subtype Width Height ColorSpace:Colour BitsPerComponent Intent ImageMask Mask:XObject Decode Interpolate SMask:XObject SMaskInData Matte",
  Form: "Type Subtype FormType BBox Matrix Resources:Resources Group:Group",
  Pattern:
    "Type PatternType PaintType TilingType BBox XStep YStep Resources:Resources Matrix Shading:Shading ExtGState:State",
  Shading:
    "ShadingType ColorSpace:Colour Background BBox AntiAlias Coords Domain Extend Function:Function Matrix BitsPerCoordinate BitsPerComponent BitsPerFlag Decode VerticesPerRow",
  Function:
    "FunctionType Domain Range Size BitsPerSample Order Encode Decode C0 C1 N Functions:Function Bounds",
  Font: "Type Subtype BaseFont Encoding:Encoding FirstChar LastChar Widths FontDescriptor:Descriptor ToUnicode:CMap DescendantFonts:Font CIDSystemInfo:Collection DW W DW2 W2 CIDToGIDMap:Table FontBBox FontMatrix CharProcs:*Content Resources:Resources",
  Descriptor:
    "Type FontName Flags FontBBox ItalicAngle Ascent Descent Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth FontStretch FontWeight FontFile:FontFile FontFile2:FontFile FontFile3:FontFile",
  FontFile: "Subtype Length1 Length2 Length3",
  Encoding: "Type BaseEncoding Differences CMapName CIDSystemInfo:Collection WMode UseCMap:CMap",
  CMap: "Type CMapName CIDSystemInfo:Collection WMode UseCMap:CMap",
  Collection: "Registry:Text Ordering:Text Supplement",
  Content: "",
  Table: "",
  Parameters:
    "Predictor Colors BitsPerComponent Columns K EndOfLine EncodedByteAlign Rows EndOfBlock BlackIs1 DamagedRowsBeforeError ColorTransform",
} as const;

type Shape = keyof typeof TEXTS;
/** Those above, `*` and one of them, and three that are no dictionaries. */
export type ShapeName = Shape | `*${Shape | "Colour"}` | "Colour" | "XObject" | "Text" | "Plain";

function parse(text: string): ReadonlyMap<string, ShapeName> {
  const pairs = text.split(" ").map((key) => key.split(":"));
  return new Map(pairs.map(([key = "", shape = "Plain"]) => [key, shape as ShapeName]));
}

export const SHAPES: ReadonlyMap<string, ReadonlyMap<string, ShapeName>> = new Map(
  Object.entries(TEXTS).map(([shape, text]) => [shape, parse(text)]),
);
