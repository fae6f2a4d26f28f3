/** What we tell a server about ourselves, the same in every request of this machine. */
export interface ClientIdentity {
  /** DeviceType of the server: 23 WindowsCLI, 24 MacOsCLI, 25 LinuxCLI (server: src/Core/Enums/DeviceType.cs). */
  readonly deviceType: number;
  /** `windows`, `macos` or `linux`, as the official CLI sends it. */
  readonly deviceName: string;
  /**
   * A GUID, made once for this machine and kept beyond sign-outs: with a new one the server mails "new device logged in"
   * (server: src/Identity/IdentityServer/RequestValidators/DeviceValidator.cs).
   */
  readonly deviceIdentifier: string;
  /** `x.y.z`: see CLIENT_VERSION. */
  readonly clientVersion: string;
}

/**
 * The client version that is sent to servers. Servers leave out of their answers what a client of that version cannot
 * handle, so the version claimed must not be higher than what is implemented here: 2024.12.0 is needed for SSH keys,
 * 2025.11.0 for accounts with V2 encryption, 2026.2.0 for bank accounts, licences and passports. No later version
 * changes what a server sends. Must be `x.y.z` without leading zeros (server: ClientVersionValidator.cs; vaultwarden:
 * src/auth.rs).
 */
const CLIENT_VERSION = '2026.2.0';

/**
 * The official client that is closest to this one: the protocol has no name for others. Servers choose feature flags by
 * it.
 */
export const CLIENT_NAME = 'cli';

/**
 * What we say on this platform. One that is neither Windows nor macOS counts as Linux.
 *
 * @param deviceIdentifier GUID, from storage.
 */
export function clientIdentity(platform: NodeJS.Platform, deviceIdentifier: string): ClientIdentity {
  const [deviceType, deviceName] =
    platform === 'win32'
      ? ([23, 'windows'] as const)
      : platform === 'darwin'
        ? ([24, 'macos'] as const)
        : ([25, 'linux'] as const);
  return { deviceType, deviceName, deviceIdentifier, clientVersion: CLIENT_VERSION };
}

/** The User-Agent header, as the official CLI writes it (clients: apps/cli/src/service-container/service-container.ts). */
export function userAgent(identity: ClientIdentity): string {
  return `Bitwarden_CLI/${identity.clientVersion} (${identity.deviceName.toUpperCase()})`;
}
