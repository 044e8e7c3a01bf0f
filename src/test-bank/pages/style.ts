import { elements } from './style-elements.ts';
import { portalStyle } from './style-portal.ts';

/** The one stylesheet of the bank's pages: no inline style, so that the policy can forbid it. */
export const stylesheet = `${elements}${portalStyle}`;
