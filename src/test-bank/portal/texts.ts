import type { Language } from '../pages/texts.ts';
import { english, type PortalTexts } from './texts-en.ts';
import { french } from './texts-fr.ts';

/** The words of the portal. Amounts and dates are written the French way in both languages, as French banks do. */
export const portalTexts: Readonly<Record<Language, PortalTexts>> = { en: english, fr: french };
