/** How long an access token lives: long enough for a widget session, short enough to lose one. */
export const accessTokenLifetimeInSeconds = 900;

/** How long an authorization code lives; a client redeems it at once (RFC 6749, 4.1.2 recommends at most 600). */
export const authorizationCodeLifetimeInSeconds = 60;

/** How long a person may take over login and consent. */
export const interactionLifetimeInSeconds = 900;

/** A refresh token that is not used for so long is over. Each use gives a new one, and the count begins again. */
export const refreshTokenIdleLifetimeInSeconds = 30 * 86_400;

/** After so long the user must log in again, however often the token was refreshed; a bank's consent ends then too. */
export const grantLifetimeInSeconds = 180 * 86_400;

/**
 * A refresh token that was used this short a while ago and comes again is refused, but its family lives on: that is a
 * client racing with itself, or repeating a request whose answer was lost. Later it is a stolen token, and the family
 * ends (RFC 9700, 4.14.2).
 */
export const refreshRaceInSeconds = 5;
