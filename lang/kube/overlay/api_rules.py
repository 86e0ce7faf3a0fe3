#!/usr/bin/env python3
"""Writes `api-rules.txt`: what an API server demands of built-in fields beyond the published schemas.

usage: api_rules.py MINOR=ANSWERS.json … > api-rules.txt

Each file has the answers of an API server of version 1.MINOR to dry runs, field by field: under `rules`, by
`group/version/Type#field`, the values that it names as supported (`supported`) and whether it refuses an object without
the field (`absent`). A field is asked about in one context, and an answer may depend on the fields around it. The tables
below say which answers do, and add what was asked by hand.
"""

import json
import re
import sys

OLDEST, NEWEST = 33, 37
GROUPS = {
    "admissionregistration.k8s.io": "admissionregistration",
    "apiextensions.k8s.io": "apiextensions",
    "apiregistration.k8s.io": "apiregistration",
    "apps": "apps",
    "autoscaling": "autoscaling",
    "batch": "batch",
    "certificates.k8s.io": "certificates",
    "discovery.k8s.io": "discovery",
    "events.k8s.io": "events",
    "flowcontrol.apiserver.k8s.io": "flowcontrol",
    "networking.k8s.io": "networking",
    "policy": "policy",
    "rbac.authorization.k8s.io": "rbac",
    "resource.k8s.io": "resource",
    "scheduling.k8s.io": "scheduling",
    "storage.k8s.io": "storage",
    "": "core",
}

# Sets that depend on the kind around the field, or are not the whole set.
NOT_CLOSED = {
    "core: AzureDiskVolumeSource.diskURI",
    "core: PersistentVolumeSpec.capacity",
    "core: ResourceFieldSelector.resource",  # also `limits.hugepages-…`
    "rbac: RoleRef.apiGroup",
    "rbac: RoleRef.kind",
}
# Values that only a feature gate allows, added to the answers of a server with the default gates.
GATED = {
    "core: ContainerRestartRule.action": ["RestartAllContainers"],
    "core: PodSecurityContext.seLinuxChangePolicy": ["MountOption"],
    "core: Toleration.operator": ["Gt", "Lt"],
}
# Sets that the server names in other words.
ALSO_CLOSED = {
    "apiextensions: ValidationRule.reason": [
        "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired",
    ],
    "apps: StatefulSetSpec.podManagementPolicy": ["OrderedReady", "Parallel"],
    "apps: StatefulSetUpdateStrategy.type": ["OnDelete", "RollingUpdate"],
    "autoscaling: MetricTarget.type": ["AverageValue", "Utilization", "Value"],
    "core: HostPathVolumeSource.type": [
        "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
    ],
    "core: NodeSelectorRequirement.operator": ["DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn"],
    "core: PodSpec.preemptionPolicy": ["Never", "PreemptLowerPriority"],
    "core: ResourceQuotaSpec.scopes": [
        "BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass", "Terminating",
        "VolumeAttributesClass",
    ],
    "core: ScopedResourceSelectorRequirement.operator": ["DoesNotExist", "Exists", "In", "NotIn"],
    "core: ScopedResourceSelectorRequirement.scopeName": [
        "BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass", "Terminating",
        "VolumeAttributesClass",
    ],
    "core: ServiceSpec.externalTrafficPolicy": ["Cluster", "Local"],
    "meta: LabelSelectorRequirement.operator": ["DoesNotExist", "Exists", "In", "NotIn"],
}
# Fields where the empty string stands for the default.
EMPTY_IS_DEFAULT = {
    "apps: DaemonSetUpdateStrategy.type",
    "apps: DeploymentStrategy.type",
    "apps: StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted",
    "apps: StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled",
    "apps: StatefulSetSpec.podManagementPolicy",
    "apps: StatefulSetUpdateStrategy.type",
    "batch: CronJobSpec.concurrencyPolicy",
    "batch: PodFailurePolicyOnPodConditionsPattern.status",
    "core: Container.imagePullPolicy",
    "core: Container.terminationMessagePolicy",
    "core: ContainerPort.protocol",
    "core: EndpointPort.protocol",
    "core: EphemeralContainer.imagePullPolicy",
    "core: EphemeralContainer.terminationMessagePolicy",
    "core: HTTPGetAction.scheme",
    "core: ImageVolumeSource.pullPolicy",
    "core: PersistentVolumeSpec.persistentVolumeReclaimPolicy",
    "core: PodSpec.dnsPolicy",
    "core: PodSpec.restartPolicy",
    "core: ServicePort.protocol",
    "core: ServiceSpec.externalTrafficPolicy",
    "core: ServiceSpec.sessionAffinity",
    "core: ServiceSpec.type",
    "core: Toleration.effect",
    "core: Toleration.operator",
    "resource: DeviceSubRequest.allocationMode",
    "resource: DeviceToleration.effect",
    "resource: DeviceToleration.operator",
    "resource: ExactDeviceRequest.allocationMode",
    "storage: StorageClass.reclaimPolicy",
}

# Fields that only some contexts need. Rules in `src/validate` check those of common kinds.
SOMETIMES_REQUIRED = {
    "admissionregistration: MatchResources.resourceRules",  # not in a binding
    "admissionregistration: ValidatingAdmissionPolicySpec.auditAnnotations",
    "admissionregistration: ValidatingAdmissionPolicySpec.validations",
    "apiextensions: CustomResourceDefinitionNames.listKind",  # default: the kind with `List`
    "apiextensions: CustomResourceDefinitionNames.singular",  # default: the kind
    "apiregistration: APIServiceSpec.group",
    "autoscaling: CrossVersionObjectReference.apiVersion",
    "autoscaling: MetricTarget.averageUtilization",
    "core: Container.image",
    "core: EphemeralContainer.image",
    "core: FCVolumeSource.targetWWNs",
    "core: PersistentVolumeClaimSpec.accessModes",
    "core: PersistentVolumeSpec.accessModes",
    "core: PersistentVolumeSpec.capacity",
    "core: ReplicationControllerSpec.selector",  # default: the labels of the template
    "core: ServicePort.targetPort",
    "core: ServiceSpec.ports",
    "core: Toleration.operator",
    "core: TopologySelectorTerm.matchLabelExpressions",
    "flowcontrol: ResourcePolicyRule.namespaces",
    "rbac: PolicyRule.apiGroups",
    "rbac: PolicyRule.resources",
    "resource: DeviceConstraint.matchAttribute",
}
# Required because of what is required in them.
ALSO_REQUIRED = {
    "apiextensions: CustomResourceDefinitionVersion.schema",
    "apiregistration: APIService.spec",
    "apps: DaemonSet.spec",
    "apps: Deployment.spec",
    "apps: ReplicaSet.spec",
    "apps: ReplicaSetSpec.template",
    "apps: StatefulSet.spec",
    "autoscaling: HorizontalPodAutoscaler.spec",
    "batch: CronJob.spec",
    "batch: Job.spec",
    "batch: JobTemplateSpec.spec",
    "core: PersistentVolumeClaim.spec",
    "core: Pod.spec",
    "core: PodTemplate.template",
    "core: PodTemplateSpec.spec",
    "core: ReplicationController.spec",
    "core: Service.spec",
    "networking: IngressClass.spec",
    "networking: ServiceCIDR.spec",
}
# Fields that the published schemas require and the server does not.
OPTIONAL = {
    "apiextensions: CustomResourceDefinitionVersion.served",
    "apiextensions: CustomResourceDefinitionVersion.storage",
    "apps: ControllerRevision.revision",
    "batch: PodFailurePolicy.rules",
    "core: HTTPHeader.value",
    "core: ISCSIPersistentVolumeSource.lun",
    "core: ISCSIVolumeSource.lun",
    "core: LimitRangeSpec.limits",
    "core: PreferredSchedulingTerm.preference",
    "core: SleepAction.seconds",
    "core: Sysctl.value",
    "discovery: EndpointSlice.endpoints",
    "rbac: RoleRef.apiGroup",
    "scheduling: PriorityClass.value",
    "storage: CSIDriver.spec",
    "storage: CSINode.spec",
    "storage: CSINodeSpec.drivers",
    "storage: TokenRequest.audience",
}
META = {"LabelSelectorRequirement", "GroupResource"}


def field(key):
    """`core: Container.image` of `v1/Container#image`; `None` for groups that are not bundled."""
    path, name = re.sub(r"(\[\]|\{\})+$", "", key).split("#")
    *group, _, declaration = path.split("/")
    short = "meta" if declaration in META or group == ["meta"] else GROUPS.get(group[0] if group else "")
    return short and f"{short}: {declaration}.{name}"


def read(path):
    """The closed sets by field, and the required fields."""
    with open(path, encoding="utf-8") as file:
        rules = json.load(file)["rules"]
    closed = {field(key): set(row["supported"]) for key, row in rules.items() if "supported" in row}
    return closed, {field(key) for key, row in rules.items() if "absent" in row}


def values(items):
    first = sorted(value for value in items if value)
    return " | ".join(first + ['""'] if "" in items else first)


def blocks(rows, head):
    """One block for each head; the fields of a group share a line."""
    grouped = {}
    for name, key in sorted(rows):
        grouped.setdefault(head(key), []).append(name.split(": "))
    for title, names in sorted(grouped.items()):
        yield f"\n{title}"
        for group in sorted({group for group, _ in names}):
            yield f"  {group}: " + ", ".join(name for other, name in names if other == group)


def span(oldest, newest):
    return "" if (oldest, newest) == (OLDEST, NEWEST) else f" 1.{oldest}-1.{newest}"


def main():
    answers = {int(minor): read(path) for minor, path in (argument.split("=", 1) for argument in sys.argv[1:])}
    minors = sorted(answers)
    # A version that was not asked has the rules of the next one that was.
    starts = [OLDEST, *(minor + 1 for minor in minors[:-1])]
    closed, required = {}, {}
    for minor, start in zip(minors, starts):
        sets, needed = answers[minor]
        for name in sets.keys() - NOT_CLOSED - {None}:
            items = sets[name] | set(GATED.get(name, [])) | ({""} if name in EMPTY_IS_DEFAULT else set())
            closed.setdefault((name, values(items)), []).append((start, minor))
        for name in needed - SOMETIMES_REQUIRED - {None}:
            required.setdefault(name, []).append((start, minor))
    # A field without an answer of some version may be in an older version of its API there, so the rule is for all.
    count = {}
    for name, _ in closed:
        count[name] = count.get(name, 0) + 1
    rows = [(name, (items, "" if count[name] == 1 else span(spans[0][0], spans[-1][1])))
            for (name, items), spans in closed.items()]
    for name, items in ALSO_CLOSED.items():
        rows.append((name, (values(set(items) | ({""} if name in EMPTY_IS_DEFAULT else set())), "")))
    print("# What API servers demand of built-in fields beyond the published schemas. Written by `api_rules.py`, which says how.")
    print("# A rule, the versions if it does not hold for all, and its values, followed by the fields as `group: Type.field, …`.")
    print("\n".join(blocks(rows, lambda key: f"closed{key[1]} = {key[0]}")))
    print("\n".join(blocks([(name, "") for name in required.keys() | ALSO_REQUIRED], lambda _: "required")))
    print("\n".join(blocks([(name, "") for name in OPTIONAL], lambda _: "optional")))


main()
