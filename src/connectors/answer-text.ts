const charsetOfType = /;\s*charset\s*=\s*["']?([a-z0-9._-]{1,40})/i;
const encodingOfXml = /^<\?xml[^>]{0,200}\sencoding\s*=\s*["']([a-z0-9._-]{1,40})["']/i;

/**
 * An answer's bytes as text, in the charset that its type names, else that of its XML declaration (RFC 7303, 3.2), else
 * UTF-8. A charset that nobody knows is taken for UTF-8: a wrong letter is better than no statement. Bytes that are no
 * character become U+FFFD, and a byte order mark is no text.
 */
export function answerText(bytes: Buffer, contentType: string): string {
  const declared =
    charsetOfType.exec(contentType.slice(0, 500)) ?? encodingOfXml.exec(bytes.toString('latin1', 0, 300));
  return decoderOf(declared?.[1] ?? 'utf-8').decode(bytes);
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
