const OLDEST = [20, 11];

/** undefined when `version` ("20.11.0") is new enough; otherwise what to do about it. */
export function checkNodeVersion(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return (
    `Beckon needs Node ${OLDEST.join('.')} or newer; this is Node ${version}.\n` +
    `Install a newer one from https://nodejs.org, or with a version manager: nvm install ${OLDEST[0]}`
  );
}
