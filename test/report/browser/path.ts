/** Where chromium is: as Debian installs it, or where CHROMIUM says. */
export const chromiumPath: string = process.env.CHROMIUM ?? '/usr/bin/chromium';
