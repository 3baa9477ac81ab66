"""The annotations by which load balancers of AWS are described.

Source: `pkg/annotations/constants.go` of kubernetes-sigs/aws-load-balancer-controller (2025), and for Services also
https://cloud-provider-aws.sigs.k8s.io/service_controller/.
"""

from __future__ import annotations

from typing import Final

INGRESS_ANNOTATIONS: Final = frozenset(
    """
    load-balancer-name group.name group.order tags ip-address-type scheme subnets customer-owned-ipv4-pool
    load-balancer-attributes wafv2-acl-arn wafv2-acl-name waf-acl-id web-acl-id shield-advanced-protection
    security-groups listen-ports ssl-redirect inbound-cidrs certificate-arn ssl-policy target-type backend-protocol
    backend-protocol-version target-group-attributes healthcheck-port healthcheck-protocol healthcheck-path
    healthcheck-interval-seconds healthcheck-timeout-seconds healthy-threshold-count unhealthy-threshold-count
    success-codes auth-type auth-idp-cognito auth-idp-oidc auth-on-unauthenticated-request auth-scope
    auth-session-cookie auth-session-timeout jwt-validation target-node-labels manage-backend-security-group-rules
    mutual-authentication security-group-prefix-lists multi-cluster-target-group minimum-load-balancer-capacity
    ipam-ipv4-pool-id enable-frontend-nlb frontend-nlb-scheme frontend-nlb-subnets frontend-nlb-security-groups
    frontend-nlb-listener-port-mapping frontend-nlb-eip-allocations frontend-nlb-healthcheck-port
    frontend-nlb-healthcheck-protocol frontend-nlb-healthcheck-path frontend-nlb-healthcheck-interval-seconds
    frontend-nlb-healthcheck-timeout-seconds frontend-nlb-healthcheck-healthy-threshold-count
    frontend-nlb-healthcheck-unhealthy-threshold-count frontend-nlb-healthcheck-success-codes frontend-nlb-attributes
    frontend-nlb-tags use-regex-path-match target-control-port create-acm-cert acm-pca-arn dry-run-plan
    ignore-host-header
    """.split()  # noqa: SIM905 - a hundred quoted names read worse than a text
)
"""Those of an Ingress, without `alb.ingress.kubernetes.io/`; `ignore-host-header` is of version 1."""

INGRESS_FAMILIES: Final = ("actions.", "conditions.", "transforms.", "listener-attributes.")
"""What annotations begin with whose end the user chooses."""

SERVICE_ANNOTATIONS: Final = frozenset(
    f"aws-load-balancer-{name}"
    for name in """
    type nlb-target-type name scheme internal proxy-protocol proxy-protocol-per-target-group ip-address-type
    access-log-enabled access-log-s3-bucket-name access-log-s3-bucket-prefix access-log-emit-interval
    cross-zone-load-balancing-enabled ssl-cert ssl-ports ssl-negotiation-policy backend-protocol
    additional-resource-tags healthcheck-healthy-threshold healthcheck-unhealthy-threshold healthcheck-timeout
    healthcheck-interval healthcheck-protocol healthcheck-port healthcheck-path healthcheck-success-codes
    target-group-attributes subnets eip-allocations eip-allocations-discovery-tags private-ipv4-addresses
    ipv6-addresses alpn-policy target-node-labels attributes security-groups extra-security-groups
    manage-backend-security-group-rules inbound-sg-rules-on-private-link-traffic security-group-prefix-lists
    multi-cluster-target-group enable-prefix-for-ipv6-source-nat source-nat-ipv6-prefixes
    minimum-load-balancer-capacity enable-icmp-for-path-mtu-discovery enable-tcp-udp-listener disable-nlb-sg
    quic-enabled-ports quic-enabled-containers connection-draining-enabled connection-draining-timeout
    connection-idle-timeout
    """.split()  # noqa: SIM905 - as above
)
"""Those of a Service, without `service.beta.kubernetes.io/`, of both controllers."""
