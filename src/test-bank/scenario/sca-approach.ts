/** The ways in which a person authorises a consent of the Berlin Group face. */
export const scaApproaches = ['redirect', 'oauth-integrated', 'oauth-pre-step', 'decoupled', 'embedded'] as const;
export type ScaApproach = (typeof scaApproaches)[number];
