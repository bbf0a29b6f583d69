/** What a screen may ask about new versions of the app itself. */

/** Who brings them: the app, the system's package manager, or nobody in this build. */
export type UpgradeWay = 'own' | 'system' | 'off';

/** How things stand. */
export interface UpgradeStanding {
  way: UpgradeWay;
  /** A newer version that was found. */
  found: string | null;
  /** It is installed, and runs from the next start on. */
  is_installed: boolean;
  /** Installing ends the app and starts it again. */
  restarts: boolean;
}

/** The verbs. */
export interface UpgradeBridge {
  /** Asks nobody outside. */
  upgrade(): Promise<UpgradeStanding>;
  check_upgrade(): Promise<UpgradeStanding>;
  install_upgrade(): Promise<UpgradeStanding>;
}
