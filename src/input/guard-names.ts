import { generatorKinds } from '../findings/generators.ts';

/**
 * Providers of SecretStores besides `aws`, in any known release.
 * Source: the fields of `spec.provider` in the operator's CRDs.
 */
export const otherProviders = [
  'akeyless',
  'alibaba',
  'azurekv',
  'barbican',
  'beyondtrust',
  'beyondtrustworkloadcredentials',
  'bitwardensecretsmanager',
  'chef',
  'cloudrusm',
  'conjur',
  'crd',
  'delinea',
  'device42',
  'doppler',
  'dvls',
  'fake',
  'fortanix',
  'gcpsm',
  'github',
  'gitlab',
  'ibm',
  'infisical',
  'keepersecurity',
  'kubernetes',
  'nebiusmysterybox',
  'ngrok',
  'onboardbase',
  'onepassword',
  'onepasswordSDK',
  'openBao',
  'oracle',
  'ovh',
  'passbolt',
  'passworddepot',
  'previder',
  'pulumi',
  'scaleway',
  'secretserver',
  'senhasegura',
  'vault',
  'volcengine',
  'webhook',
  'yandexcertificatemanager',
  'yandexlockbox',
] as const;

/** What `guard.allow` may name. */
export const guardAllows = [...otherProviders, ...generatorKinds] as const;
