export function compileFluent(source: string, file: string): string;
