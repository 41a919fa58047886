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

/**
 * Kinds of generators that live in a namespace, in any known release.
 * Source: the values of `generatorRef.kind` in the operator's CRDs, without ClusterGenerator.
 */
export const generatorKinds = [
  'ACRAccessToken',
  'BeyondtrustWorkloadCredentialsDynamicSecret',
  'CloudsmithAccessToken',
  'ECRAuthorizationToken',
  'Fake',
  'GCRAccessToken',
  'GithubAccessToken',
  'GitlabDeployToken',
  'Grafana',
  'MFA',
  'Password',
  'QuayAccessToken',
  'SSHKey',
  'STSSessionToken',
  'UUID',
  'VaultDynamicSecret',
  'Webhook',
] as const;

/** What `guard.allow` may name. */
export const guardAllows = [...otherProviders, ...generatorKinds] as const;
